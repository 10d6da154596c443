import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { Pill } from '../shell/StatusBadge';
import { type Job, statusWords } from './job';

/** The job's status, and whether it is confidential. */
export function JobBadges({ job: { status, confidential } }: { job: Job }): ReactNode {
  const { word, tone } = statusWords[status];
  return (
    <Group gap={6}>
      <Pill tone={tone}>{word}</Pill>
      {confidential && <Pill tone="waiting">Confidential</Pill>}
    </Group>
  );
}
