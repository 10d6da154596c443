import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Schemas } from '../api/client';
import classes from './StatusBadge.module.css';

type Check = Schemas['CheckResponse'];
export type Tone = 'neutral' | 'moving' | 'waiting' | 'good' | 'bad';

/** The tone of a status: someone must act (`waiting`), it continues by itself (`moving`), or it ended. */
const statusTones: Record<Check['status'], Tone> = {
  requested: 'moving',
  confirming: 'moving',
  needs_decision: 'waiting',
  not_sent: 'bad',
  sent: 'moving',
  undeliverable: 'bad',
  expired: 'bad',
  invited: 'moving',
  opened: 'moving',
  started: 'moving',
  submitted: 'moving',
  in_progress: 'moving',
  candidate_action_required: 'waiting',
  client_action_required: 'waiting',
  in_dispute: 'waiting',
  declined: 'bad',
  cancelled: 'neutral',
  complete: 'good',
};

const resultTones: Record<NonNullable<Check['result']>, Tone> = {
  clear: 'good',
  review: 'waiting',
  reject: 'bad',
  not_applicable: 'neutral',
  restricted: 'neutral',
};

/** A short label in a matching colour. */
export function Pill({ tone, children }: { tone: Tone; children: ReactNode }): ReactNode {
  return (
    <Badge className={classes[tone]} variant="transparent" radius="sm" tt="none" fw={600}>
      {children}
    </Badge>
  );
}

export function StatusBadge({ check }: { check: Pick<Check, 'status' | 'status_label'> }): ReactNode {
  return <Pill tone={statusTones[check.status]}>{check.status_label}</Pill>;
}

/** Empty when there is no result, or none that the user may see. */
export function ResultBadge({ check }: { check: Pick<Check, 'result' | 'result_label'> }): ReactNode {
  return check.result && <Pill tone={resultTones[check.result]}>{check.result_label}</Pill>;
}

/** Marks a vendor's sandbox: its checks are not about real people. */
export function SandboxBadge({ environment }: { environment: string | null }): ReactNode {
  return environment === 'sandbox' && <Badge className={classes.sandbox}>Sandbox</Badge>;
}
