/** The daily run of a team's retention rule is due. This event stays within hiring. */
export class RetentionDue {
  static readonly wireName = 'hiring.retention-due.v1';
  constructor(readonly teamId: string) {}
}
