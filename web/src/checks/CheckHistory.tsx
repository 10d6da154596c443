import { List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Schemas } from '../api/client';
import { Loaded } from '../shell/states';
import { When } from '../shell/When';
import { historyQuery } from './check';
import { isStatus, personName, resultLabels, statusLabel } from './words';

type Line = Schemas['HistoryResponse'];
type Check = Pick<Schemas['CheckResponse'], 'id' | 'vendor'>;

/** What happened to a check, who did it and when, oldest first. */
export function CheckHistory({ check }: { check: Check }): ReactNode {
  const history = useQuery(historyQuery(check.id));
  return (
    <Loaded query={history} what="Loading the history">
      {(lines) => (
        <List type="ordered" listStyleType="none" spacing="xs" size="sm">
          {lines.map((line) => (
            <List.Item key={line.revision}>
              {whatHappened(line, check.vendor.name)}
              <Text size="xs" c="dimmed">
                {who(line, check)}
                {who(line, check) !== null && ', '}
                <When at={line.at} />
              </Text>
            </List.Item>
          ))}
        </List>
      )}
    </Loaded>
  );
}

const statusWord = (status: string | null, vendor: string): string =>
  status === null ? 'unknown' : isStatus(status) ? statusLabel(status, vendor) : status;

const resultWord = (result: string | null): string =>
  result === null ? 'none' : ((resultLabels as Record<string, string>)[result] ?? result);

function whatHappened({ kind, from, to, by }: Line, vendor: string): string {
  switch (kind) {
    case 'requested':
      return `Sent by ${personName(by)}`;
    case 'status_changed':
      // An erased check keeps no statuses.
      if (to === null) return 'Status changed';
      return from === null ? statusWord(to, vendor) : `${statusWord(from, vendor)} → ${statusWord(to, vendor)}`;
    case 'cancel_requested':
      return 'Cancellation requested';
    case 'resent':
      return 'Resent as a new check';
    case 'decided':
      return 'Decided manually';
    case 'result_changed':
      // Without the right to see results, the service leaves both out.
      return from === null && to === null ? 'Result changed' : `Result: ${resultWord(to)}`;
  }
}

/** Null where the line itself names the person. */
function who({ kind, by, source }: Line, { vendor }: Check): string | null {
  if (kind === 'requested') return null;
  if (source === 'user') return personName(by);
  return source === 'vendor' ? vendor.name : 'System';
}
