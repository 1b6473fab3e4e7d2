/** Holds tasks back while a run is paused: what runs goes on, nothing more begins. */
export class Gate {
  #opened: { readonly promise: Promise<void>; readonly open: () => void } | undefined;

  get isClosed(): boolean {
    return this.#opened !== undefined;
  }

  close(): void {
    if (this.#opened) return;
    let open = (): void => {};
    const promise = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.#opened = { promise, open };
  }

  open(): void {
    this.#opened?.open();
    this.#opened = undefined;
  }

  /** Undefined when nothing holds anybody back; who asks for nothing waits for nothing. */
  passed(): Promise<void> | undefined {
    return this.#opened?.promise;
  }
}
