import { Group, Text } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { CheckActivity } from '../../checks/CheckActivity';
import { vendorOf } from '../../integrations/vendor-words';
import { PackageSelect } from '../../jobs/PackageSelect';
import type { Item } from '../../jobs/plan';
import { Pill } from '../../shell/StatusBadge';
import type { Activity, AddProps, ChangeProps } from '../activity';
import { NotConnected } from './NotConnected';

function AddCheck({ kind, add, onCancel }: AddProps): ReactNode {
  const vendor = vendorOf(kind);
  const check = { type: 'background_check', vendor: vendor.id } as const;
  const act = { ...add, run: (package_id: string) => add.run({ ...check, package_id }) };
  return <PackageSelect vendor={vendor} chosen={null} act={act} onCancel={onCancel} />;
}

function ChangePackage({ item, change, onCancel }: ChangeProps): ReactNode {
  const act = { ...change, run: (package_id: string) => change.run({ package_id }) };
  return <PackageSelect vendor={vendorOf(item)} chosen={item.package?.id ?? null} act={act} onCancel={onCancel} />;
}

function PackageLine({ item, mayEdit }: { item: Item; mayEdit: boolean }): ReactNode {
  const { package: chosen } = item;
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
          {vendorOf(item).name} no longer offers this package.{' '}
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
  Placed: CheckActivity,
  NotOffered: NotConnected,
};
