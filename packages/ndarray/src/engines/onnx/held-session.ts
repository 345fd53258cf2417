import type { InferenceSession } from 'onnxruntime-common';

/**
 * A session that outlives its release for as long as a device holds outputs of it: they lie in memory that the session allots, and ONNX Runtime ends the
 * process when one of them is given back after it.
 */
export class HeldSession {
  readonly #session: InferenceSession;
  #outputs = 0;
  #released = false;

  constructor(session: InferenceSession) {
    this.#session = session;
  }

  run(feeds: InferenceSession.FeedsType, fetches: readonly string[] | InferenceSession.FetchesType): Promise<InferenceSession.ReturnType> {
    return this.#session.run(feeds, fetches);
  }

  hold(): void {
    this.#outputs++;
  }

  /** The other side of `hold`: that output has been given back. */
  drop(): void {
    this.#outputs--;
    void this.#endWhenUnused();
  }

  async release(): Promise<void> {
    this.#released = true;
    await this.#endWhenUnused();
  }

  async #endWhenUnused(): Promise<void> {
    if (this.#released && this.#outputs === 0) await this.#session.release();
  }
}
