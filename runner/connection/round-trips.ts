import { channel } from 'node:diagnostics_channel';

/** Something that was sent to a host and had to be waited for. */
export interface RoundTrip {
  /** The inventory name of the host. */
  readonly host: string;
  /**
   * A `script` went to a shell that had nothing else to do; a further `channel` was opened, which costs two; a file went
   * over such a channel (`transfer`). What is sent while something else is under way shares its round trip.
   */
  readonly kind: 'script' | 'channel' | 'transfer';
}

/** The name of the diagnostics channel, so that programs around muster can listen too. */
const roundTripChannel = 'muster:round-trip';

const trips = channel(roundTripChannel);

/** Tells of a round trip; costs nothing while nobody listens. */
export const tellRoundTrip = (host: string, kind: RoundTrip['kind']): void => {
  if (trips.hasSubscribers) trips.publish({ host, kind } satisfies RoundTrip);
};

/** Calls `onTrip` for each round trip of this process from now on; gives back what ends that. */
export const watchRoundTrips = (onTrip: (trip: RoundTrip) => void): (() => void) => {
  const listen = (message: unknown): void => onTrip(message as RoundTrip);
  trips.subscribe(listen);
  return () => void trips.unsubscribe(listen);
};
