import { Group, Pagination, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { type Page, perPage } from '../api/client';

const names = { first: 'First page', previous: 'Previous page', next: 'Next page', last: 'Last page' };

interface PagesProps {
  list: Page<unknown>;
  page: number;
  onPage: (page: number) => void;
}

/** The number of entries and the page links. Empty when there is one page. */
export function Pages({ list, page, onPage }: PagesProps): ReactNode {
  const pages = Math.ceil(list.total / perPage);
  if (pages <= 1 && page === 1) return null;
  return (
    <Group component="nav" aria-label="Pages" justify="space-between" mt="md">
      <Text size="sm" c="dimmed">
        {list.total.toLocaleString()}
        {list.capped && '+'} total
      </Text>
      <Pagination
        total={Math.max(pages, page)}
        value={page}
        onChange={onPage}
        getControlProps={(control) => ({ 'aria-label': names[control] })}
        getItemProps={(item) => ({ 'aria-label': `Page ${item}` })}
      />
    </Group>
  );
}
