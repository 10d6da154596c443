/** The URL that starts a sign-in with the company's provider. The service validates `returnTo`. */
export function signInAddress(returnTo: string, options: Record<string, string> = {}): string {
  return `/auth/sign-in?${new URLSearchParams({ return_to: returnTo, ...options }).toString()}`;
}
