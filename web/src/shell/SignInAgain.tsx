import { Alert, Anchor, Button, Stack } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { signInAddress } from '../session/sign-in-address';

/** Returns to this page. A user who signed in at the provider within the last minute is not asked again. */
const again = (): string => signInAddress(`${window.location.pathname}${window.location.search}`, { max_age: '60' });

/** Shown instead of content that needs a recent sign-in. */
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

/** Next to a form: a new tab keeps the input, so that it can be sent again. */
export function SignInAgainElsewhere(): ReactNode {
  return (
    <Anchor href={again()} target="_blank" size="sm">
      Sign in again in a new tab
    </Anchor>
  );
}
