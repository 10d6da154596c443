import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Page } from '../shell/Page';
import { Empty, Loaded } from '../shell/states';
import { {{camelCase name}}Query } from './queries';
import { rowsOf } from './rows';

export function {{pascalCase name}}Page(): ReactNode {
  const query = useQuery({{camelCase name}}Query);
  return (
    <Page title="{{sentenceCase name}}">
      <Loaded query={query}>{(answer) => <Rows rows={rowsOf(answer)} />}</Loaded>
    </Page>
  );
}

function Rows({ rows }: { rows: readonly string[] }): ReactNode {
  if (rows.length === 0) return <Empty title="Nothing here yet" />;
  return (
    <Stack gap="xs">
      {rows.map((row) => (
        <Text key={row}>{row}</Text>
      ))}
    </Stack>
  );
}
