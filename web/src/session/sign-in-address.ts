/** Where the service begins a sign-in with the company's provider. It decides by itself whether `returnTo` is ours. */
export function signInAddress(returnTo: string, wishes: Record<string, string> = {}): string {
  return `/auth/sign-in?${new URLSearchParams({ return_to: returnTo, ...wishes }).toString()}`;
}
