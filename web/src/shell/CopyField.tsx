import { ActionIcon, CopyButton, TextInput, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** A read-only value with a copy button. */
export function CopyField({ label, value }: { label: string; value: string }): ReactNode {
  return (
    <TextInput
      label={label}
      value={value}
      readOnly
      onFocus={(event) => event.currentTarget.select()}
      rightSection={
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? 'Copied' : 'Copy'}>
              <ActionIcon variant="subtle" aria-label={copied ? `${label} copied` : `Copy ${label}`} onClick={copy}>
                {copied ? <IconCheck aria-hidden size={18} /> : <IconCopy aria-hidden size={18} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      }
    />
  );
}
