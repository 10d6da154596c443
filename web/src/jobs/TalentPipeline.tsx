import type { ReactNode } from 'react';
import { Empty } from '../shell/states';

export function TalentPipeline(): ReactNode {
  return <Empty title="This screen is being built" />;
}
