import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';

interface SearchFieldProps {
  label: string;
  /** The current search, from the URL. */
  value: string;
  /** Called shortly after the last key. */
  onSearch: (text: string) => void;
  /** In a dialog: takes the focus when it opens. */
  first?: boolean;
}

/** Search as you type. A late change of the URL does not overwrite the typed text. */
export function SearchField({ label, value, onSearch, first }: SearchFieldProps): ReactNode {
  const [text, setText] = useState(value);
  const router = useRouter();
  // After a click on a result the user is leaving: a late search must not navigate back.
  const isLeaving = (): boolean => router.latestLocation.pathname !== router.state.resolvedLocation?.pathname;
  const search = useDebouncedCallback((typed: string) => {
    if (!isLeaving()) onSearch(typed);
  }, 200);
  const type = (typed: string): void => {
    setText(typed);
    search(typed.trim());
  };
  return (
    <TextInput
      type="search"
      data-autofocus={first}
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
      leftSection={<IconSearch aria-hidden size={16} />}
      rightSection={text !== '' && <CloseButton size="sm" aria-label="Clear search" onClick={() => type('')} />}
      maw={420}
    />
  );
}
