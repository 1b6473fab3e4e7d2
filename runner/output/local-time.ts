/** Day and time on this machine's clock: `2026-01-31 12:30:00`. */
export const localTime = (time: number): string => {
  const local = new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 19)}`;
};
