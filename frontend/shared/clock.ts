/**
 * The server's clock as this machine sees it. A browser's clock may be minutes off; money is counted by the server's.
 *
 * Each answered ping is a sample; the one with the shortest way there and back is believed most, and it ages, so that
 * a machine that slept or changed its clock is corrected within a few pings.
 */
const SAMPLE_AGE_MAX_MS = 120_000;

export class ServerClock {
  #offset_ms = 0;
  #round_trip_ms = Number.POSITIVE_INFINITY;
  #sampled_at = 0;

  /** A time that came without a question (welcome, beat): used while there is nothing better. */
  hear(server_ms: number, local_ms: number = Date.now()): void {
    if (Number.isNaN(server_ms)) return;
    if (this.#isStale(local_ms)) this.#take(server_ms - local_ms, Number.POSITIVE_INFINITY, local_ms);
  }

  /** An answered ping: asked and answered by the local clock, the server's time in between. */
  sample(asked_ms: number, answered_ms: number, server_ms: number): void {
    if (Number.isNaN(server_ms)) return;
    const round_trip_ms = answered_ms - asked_ms;
    if (round_trip_ms < 0) return;
    if (round_trip_ms <= this.#round_trip_ms || this.#isStale(answered_ms)) {
      this.#take(server_ms - (asked_ms + answered_ms) / 2, round_trip_ms, answered_ms);
    }
  }

  /** The server's time now, in milliseconds. */
  now(local_ms: number = Date.now()): number {
    return local_ms + this.#offset_ms;
  }

  get offset_ms(): number {
    return this.#offset_ms;
  }

  #isStale(local_ms: number): boolean {
    return this.#round_trip_ms === Number.POSITIVE_INFINITY || Math.abs(local_ms - this.#sampled_at) > SAMPLE_AGE_MAX_MS;
  }

  #take(offset_ms: number, round_trip_ms: number, at: number): void {
    this.#offset_ms = offset_ms;
    this.#round_trip_ms = round_trip_ms;
    this.#sampled_at = at;
  }
}
