import { Alert, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconUserShield } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { When } from '../shell/When';
import { type Me, useMe } from './me';

type Notice = Me['notices'][number];

/**
 * Changes by other admins that could show a result to the person it is about, and webhook endpoints that the service switched off. Shown
 * until dismissed in this browser.
 */
export function AdminNotices(): ReactNode {
  const { id, notices } = useMe();
  const [seenUntil, setSeenUntil] = useLocalStorage({
    key: `ats.notices-seen-until.${id}`,
    defaultValue: '',
    getInitialValueInEffect: false,
  });
  const unseen = notices.filter((notice) => notice.at > seenUntil && concerns(id, notice));
  const [newest] = unseen;
  if (!newest) return null;
  return (
    <Alert
      color="yellow"
      mb="md"
      role="status"
      icon={<IconUserShield aria-hidden />}
      withCloseButton
      closeButtonLabel="Dismiss"
      onClose={() => setSeenUntil(newest.at)}
    >
      {unseen.map((notice) => (
        <Text key={notice.at + notice.kind} size="sm">
          {sentenceOf(notice)}, <When at={notice.at} />.
        </Text>
      ))}
      {unseen.some(({ kind }) => kind !== 'webhook_endpoint_disabled') && (
        <Text size="sm">If you did not expect this, ask them. The audit log has the details.</Text>
      )}
    </Alert>
  );
}

const concerns = (id: string, { kind, user, by }: Notice): boolean =>
  by?.id !== id && !(kind === 'admin_added' && user.id === id);

function sentenceOf({ kind, user, by, webhook_endpoint: endpoint }: Notice): string {
  if (kind === 'webhook_endpoint_disabled')
    return `The webhook endpoint at ${endpoint?.host ?? 'another system'} was ${whyDisabled(endpoint)}`;
  const who = by?.name ?? 'An operator';
  return kind === 'admin_added'
    ? `${who} made ${user.name} an admin`
    : `${who} changed which candidates ${user.name} is linked to`;
}

const whyDisabled = (endpoint: Notice['webhook_endpoint']): string =>
  endpoint?.reason === 'gone'
    ? 'switched off, because it answered that it wants no more events'
    : 'switched off, because every attempt had failed for five days';
