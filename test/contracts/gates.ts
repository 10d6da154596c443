/** A promise that the test opens. Two units of work meet at it, so that their order is the test's and not chance. */
export class Gate {
  readonly opened: Promise<void>;
  open!: () => void;

  constructor() {
    this.opened = new Promise((resolve) => (this.open = resolve));
  }
}
