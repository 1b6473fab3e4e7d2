// What works by itself: begins runs when they are due, and tells systemd, Prometheus and whoever asks how it fares.
export * from './daemon.ts';
export * from './http.ts';
export * from './notify.ts';
export * from './unit.ts';
