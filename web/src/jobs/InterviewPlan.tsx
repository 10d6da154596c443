import type { ReactNode } from 'react';
import { Empty } from '../shell/states';

export function InterviewPlan(): ReactNode {
  return <Empty title="This screen is being built" />;
}
