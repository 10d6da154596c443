import { Button, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { Refusal } from '../shell/Refusal';
import { useAct } from '../shell/useAct';
import { oidcIdentity } from './session';

/** Leaves for the company's identity provider. */
export function ProviderSignIn({ returnTo }: { returnTo: string }): ReactNode {
  const leave = useAct(async () => (await oidcIdentity()).signIn(returnTo), { errorShown: true });
  return (
    <Stack>
      <Refusal error={leave.error} />
      <Button onClick={() => leave.run()} loading={leave.running}>
        Sign in with your company account
      </Button>
    </Stack>
  );
}
