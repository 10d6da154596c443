import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { When } from '../shell/When';

interface Saved {
  saved: boolean;
  last4: string | null;
  saved_at: string | null;
  saved_by?: { name: string | null } | null;
}

/** A write-only value. A saved one shows its last characters, who saved it and when. */
export function SecretField({ saved, ...field }: { saved: Saved } & PasswordInputProps): ReactNode {
  return (
    <PasswordInput
      {...field}
      autoComplete="off"
      spellCheck={false}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      description={saved.saved && <SavedBy {...saved} />}
      placeholder={saved.saved ? 'Leave empty to keep the saved value' : undefined}
      visibilityToggleButtonProps={{ 'aria-label': 'Show value' }}
    />
  );
}

function SavedBy({ last4, saved_at, saved_by }: Saved): ReactNode {
  return (
    <>
      Saved · ends in {last4}
      {saved_by?.name && ` · by ${saved_by.name}`}
      {saved_at !== null && (
        <>
          {' · '}
          <When at={saved_at} />
        </>
      )}
    </>
  );
}
