/** The daily round of a team's retention rule is due. Stays within hiring. */
export class RetentionDue {
  static readonly wireName = 'hiring.retention-due.v1';
  constructor(readonly teamId: string) {}
}
