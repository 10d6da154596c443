/** A control call that cannot be done. The sentence is for the person or test that made it. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const notFound = (what: string): Refusal => new Refusal(404, `There is no such ${what}.`);
export const badRequest = (message: string): Refusal => new Refusal(400, message);
