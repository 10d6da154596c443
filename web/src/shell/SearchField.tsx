import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';

interface SearchFieldProps {
  label: string;
  /** What is searched for now, from the URL. */
  value: string;
  /** Called while one types, a moment after the last key. */
  onSearch: (text: string) => void;
  /** In a pop-up: it has the focus when that opens. */
  first?: boolean;
}

/** Search as you type. The text one types is never overwritten by what the URL says a moment later. */
export function SearchField({ label, value, onSearch, first }: SearchFieldProps): ReactNode {
  const [text, setText] = useState(value);
  const router = useRouter();
  // Who has clicked on a result meanwhile is leaving, and must not be called back.
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
      rightSection={text !== '' && <CloseButton size="sm" aria-label="Clear the search" onClick={() => type('')} />}
      maw={420}
    />
  );
}
