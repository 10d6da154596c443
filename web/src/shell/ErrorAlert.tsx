import { Alert, type AlertProps, Button, Group } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { ApiError } from '../api/errors';
import { isStale, staleWords } from '../api/tags';
import { useReload } from './Opened';
import { SignInAgainElsewhere } from './SignInAgain';
import { exactTime } from './When';

/** The service's error message, next to the form or action. */
export function ErrorAlert({ error, ...alert }: { error: ApiError | null } & AlertProps): ReactNode {
  if (error === null) return null;
  if (isStale(error)) return <ChangedMeanwhile key={error.message} error={error} />;
  return (
    <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} role="alert" {...alert}>
      {error.message} {error.reason === 'recent_sign_in_required' && <SignInAgainElsewhere />}
    </Alert>
  );
}

/** Another person was faster. Nothing was saved, and nothing that was typed is lost. */
function ChangedMeanwhile({ error }: { error: ApiError }): ReactNode {
  const reload = useReload();
  const [loaded, setLoaded] = useState<ApiError | null>(null);
  const isLatest = reload === null || loaded === error;
  return (
    <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} role="alert">
      {staleWords(error, exactTime)}{' '}
      {isLatest
        ? 'The latest version is loaded, and your entries are kept. Check it, then save again.'
        : 'Nothing was saved yet, and your entries are kept.'}
      {!isLatest && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={() => void reload().then(() => setLoaded(error))}>
            Load the latest version
          </Button>
        </Group>
      )}
    </Alert>
  );
}
