import { Group, Text } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { CertnActivity } from '../../checks/CertnActivity';
import { ofCertn } from '../../integrations/connection';
import { PackageSelect } from '../../jobs/PackageSelect';
import type { Item } from '../../jobs/plan';
import { Pill } from '../../shell/StatusBadge';
import type { Activity, AddProps, ChangeProps } from '../activity';
import { NotConnected } from './NotConnected';

function AddCheck({ add, onCancel }: AddProps): ReactNode {
  const act = { ...add, run: (package_id: string) => add.run({ type: 'background_check', ...ofCertn, package_id }) };
  return <PackageSelect chosen={null} act={act} onCancel={onCancel} />;
}

function ChangePackage({ item, change, onCancel }: ChangeProps): ReactNode {
  const act = { ...change, run: (package_id: string) => change.run({ package_id }) };
  return <PackageSelect chosen={item.package?.id ?? null} act={act} onCancel={onCancel} />;
}

function PackageLine({ item: { package: chosen }, mayEdit }: { item: Item; mayEdit: boolean }): ReactNode {
  if (!chosen) return null;
  return (
    <>
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          Package: {chosen.name}
        </Text>
        {!chosen.available && <Pill tone="bad">Unavailable</Pill>}
      </Group>
      {!chosen.available && (
        <Text size="sm">
          Certn no longer offers this package.{' '}
          {mayEdit ? 'Choose another one here, or when sending a check.' : 'Choose another one when sending a check.'}
        </Text>
      )}
    </>
  );
}

/** Sends background checks with its package. */
export const backgroundCheck: Activity = {
  Icon: IconShieldCheck,
  Add: AddCheck,
  Change: ChangePackage,
  verb: { text: 'Change package', named: false },
  Details: PackageLine,
  removal: 'No more checks can be sent from it. Checks already sent continue and stay visible on the candidate.',
  Placed: CertnActivity,
  NotOffered: NotConnected,
};
