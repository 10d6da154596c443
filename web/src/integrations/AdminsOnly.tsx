import type { ReactNode } from 'react';
import { NotAllowed } from '../shell/states';

export function AdminsOnly(): ReactNode {
  return <NotAllowed>Only admins of your team can see and change these settings. Ask one of them.</NotAllowed>;
}
