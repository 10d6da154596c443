/** A customer: everything else belongs to one. */
export class Team {
  constructor(
    readonly id: string,
    readonly name: string,
    readonly createdAt: Date,
  ) {}
}
