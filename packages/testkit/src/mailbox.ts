/** A mail that Certn would have sent to the candidate (docs/certn-api.md 6). `case` leads to the link. */
export interface Mail {
  id: string;
  account: string;
  case: string;
  kind: 'invitation' | 'cancelled';
  to: string;
  subject: string;
  text: string;
  created: string;
}
