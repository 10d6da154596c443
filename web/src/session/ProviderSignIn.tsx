import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { signInAddress } from './sign-in-address';

/** Opens the company's identity provider. `asAnother`: with another account. */
export function ProviderSignIn({ returnTo, asAnother }: { returnTo: string; asAnother: boolean }): ReactNode {
  return (
    <Button component="a" href={signInAddress(returnTo, asAnother ? { prompt: 'login' } : {})}>
      {asAnother ? 'Sign in with another account' : 'Sign in with your company account'}
    </Button>
  );
}
