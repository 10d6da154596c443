/** A customer. All other data belongs to a team. */
export class Team {
  constructor(
    readonly id: string,
    readonly name: string,
    readonly createdAt: Date,
  ) {}
}
