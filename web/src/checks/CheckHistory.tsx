import { List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Schemas } from '../api/client';
import { Loaded } from '../shell/states';
import { When } from '../shell/When';
import { historyQuery } from './check';
import { isStatus, personName, resultLabels, statusLabels } from './words';

type Line = Schemas['HistoryResponse'];

/** What happened to a check, who did it and when, oldest first. */
export function CheckHistory({ checkId }: { checkId: string }): ReactNode {
  const history = useQuery(historyQuery(checkId));
  return (
    <Loaded query={history} what="Loading the history">
      {(lines) => (
        <List type="ordered" listStyleType="none" spacing="xs" size="sm">
          {lines.map((line) => (
            <List.Item key={line.revision}>
              {whatHappened(line)}
              <Text size="xs" c="dimmed">
                {who(line)}, <When at={line.at} />
              </Text>
            </List.Item>
          ))}
        </List>
      )}
    </Loaded>
  );
}

const statusWord = (status: string | null): string =>
  status === null ? 'unknown' : isStatus(status) ? statusLabels[status] : status;

const resultWord = (result: string | null): string =>
  result === null ? 'none' : ((resultLabels as Record<string, string>)[result] ?? result);

function whatHappened({ kind, from, to }: Line): string {
  switch (kind) {
    case 'requested':
      return 'Sending was asked for';
    case 'status_changed':
      // Of an erased check only that something happened is kept.
      if (to === null) return 'The status changed';
      return from === null ? statusWord(to) : `${statusWord(from)} → ${statusWord(to)}`;
    case 'cancel_requested':
      return 'Cancelling was asked for';
    case 'resent':
      return 'Sent again';
    case 'decided':
      return 'Decided by a person';
    case 'result_changed':
      // Not everybody may see which.
      return from === null && to === null ? 'The result changed' : `Result: ${resultWord(to)}`;
  }
}

function who({ by, source }: Line): string {
  if (source === 'user') return personName(by);
  return source === 'certn' ? 'Certn' : 'This service';
}
