import { Alert, Anchor, Button, Stack } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { signInAddress } from '../session/sign-in-address';

/** Leads back to this very page. Whoever proved to the provider within a minute who they are is not asked again. */
const again = (): string => signInAddress(`${window.location.pathname}${window.location.search}`, { max_age: '60' });

/** In place of what is only shown after a recent sign-in. */
export function SignInAgain({ message }: { message: string }): ReactNode {
  return (
    <Alert color="yellow" icon={<IconLock aria-hidden />} role="alert">
      <Stack align="flex-start">
        {message}
        <Button component="a" href={again()}>
          Sign in again
        </Button>
      </Stack>
    </Alert>
  );
}

/** Beside a form: what was filled in stays, so that it can be sent once more. */
export function SignInAgainElsewhere(): ReactNode {
  return (
    <Anchor href={again()} target="_blank" size="sm">
      Sign in again in a new tab
    </Anchor>
  );
}
