import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { signInAddress } from './sign-in-address';

/** Leaves for the company's identity provider. `asAnother`: the account there is not the right one. */
export function ProviderSignIn({ returnTo, asAnother }: { returnTo: string; asAnother: boolean }): ReactNode {
  return (
    <Button component="a" href={signInAddress(returnTo, asAnother ? { prompt: 'login' } : {})}>
      {asAnother ? 'Sign in with another account' : 'Sign in with your company account'}
    </Button>
  );
}
