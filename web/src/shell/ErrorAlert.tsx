import { Alert, type AlertProps } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ApiError } from '../api/errors';
import { SignInAgainElsewhere } from './SignInAgain';

/** The service's error message, next to the form or action. */
export function ErrorAlert({ error, ...alert }: { error: ApiError | null } & AlertProps): ReactNode {
  if (error === null) return null;
  return (
    <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} role="alert" {...alert}>
      {error.message} {error.reason === 'recent_sign_in_required' && <SignInAgainElsewhere />}
    </Alert>
  );
}
