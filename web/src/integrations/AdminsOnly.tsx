import type { ReactNode } from 'react';
import { NotAllowed } from '../shell/states';

export function AdminsOnly(): ReactNode {
  return <NotAllowed>Only admins can view and change these settings. Ask an admin of your team.</NotAllowed>;
}
