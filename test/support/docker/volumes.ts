import { type Route, refuse } from './engine.ts';

export const volumeRoutes: readonly Route[] = [
  ['GET', /^\/volumes$/, ({ state }) => ({ body: { Volumes: [...state.volumes.values()], Warnings: null } })],
  [
    'POST',
    /^\/volumes\/create$/,
    ({ state, body }) => {
      const volume = {
        Name: body.Name,
        Driver: body.Driver ?? 'local',
        Labels: body.Labels ?? null,
        Options: body.DriverOpts ?? null,
        Mountpoint: `/var/lib/docker/volumes/${String(body.Name)}/_data`,
        Scope: 'local',
      };
      if (volume.Driver === 'none') return refuse(404, 'create x: error looking up volume plugin none');
      if (!state.volumes.has(String(body.Name))) state.volumes.set(String(body.Name), volume);
      return { status: 201, body: state.volumes.get(String(body.Name)) };
    },
  ],
  [
    'GET',
    /^\/volumes\/([^/]+)$/,
    ({ state, names }) => {
      const volume = state.volumes.get(names[0]!);
      return volume ? { body: volume } : refuse(404, `get ${names[0]}: no such volume`);
    },
  ],
  [
    'DELETE',
    /^\/volumes\/([^/]+)$/,
    ({ state, names }) => (state.volumes.delete(names[0]!) ? {} : refuse(404, `get ${names[0]}: no such volume`)),
  ],
  [
    'POST',
    /^\/volumes\/prune$/,
    ({ state }) => {
      const gone = [...state.volumes.keys()];
      state.volumes.clear();
      return { body: { VolumesDeleted: gone, SpaceReclaimed: 3 } };
    },
  ],
];
