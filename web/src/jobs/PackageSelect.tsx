import { Alert, Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Vendor } from '../integrations/vendor-words';
import { ErrorAlert } from '../shell/ErrorAlert';
import { Loaded } from '../shell/states';
import type { Act } from '../shell/useAct';
import { When } from '../shell/When';
import { type Packages, packagesQuery, useRefreshPackages } from './packages';

interface PackageSelectProps {
  vendor: Vendor;
  /** The vendor's id of the package that is set now. */
  chosen: string | null;
  /** Takes the id of the package; give it `errorShown`. */
  act: Act<string>;
  onCancel: () => void;
}

/** The packages of the team's account at the vendor. Choosing one submits it. */
export function PackageSelect({ vendor, chosen, act, onCancel }: PackageSelectProps): ReactNode {
  const packages = useQuery(packagesQuery(vendor.id));
  const refresh = useRefreshPackages(vendor.id);
  return (
    <Stack gap="xs">
      <Loaded query={packages} what={`Loading the ${vendor.name} packages`}>
        {(list) => (
          <>
            <Group align="end" gap="xs">
              <Select
                label={`${vendor.name} package`}
                placeholder={act.running ? 'Saving…' : 'Choose a package'}
                autoFocus
                data={choices(list, chosen)}
                value={chosen}
                onChange={(id) => id !== null && act.run(id)}
                allowDeselect={false}
                readOnly={act.running}
                aria-busy={act.running}
                flex={{ base: '1 1 100%', xs: '0 1 320px' }}
                comboboxProps={{ withinPortal: false }}
              />
              <Button
                variant="default"
                leftSection={<IconRefresh aria-hidden size={16} />}
                loading={refresh.running}
                onClick={() => refresh.run()}
              >
                Refresh packages
              </Button>
              <Button variant="default" onClick={onCancel}>
                Cancel
              </Button>
            </Group>
            <Freshness list={list} vendor={vendor.name} />
          </>
        )}
      </Loaded>
      {packages.isError && !packages.data && (
        <Group>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
      )}
      <ErrorAlert error={act.error} />
    </Stack>
  );
}

/** The available packages, and the current one even if it is unavailable. */
const choices = ({ packages }: Packages, chosen: string | null) =>
  packages
    .filter(({ id, active }) => active || id === chosen)
    .map(({ id, name, active }) => ({
      value: id,
      label: active ? name : `${name} (unavailable)`,
      disabled: !active,
    }));

function Freshness({ list, vendor }: { list: Packages; vendor: string }): ReactNode {
  const { packages, fetchedAt, stale } = list;
  const at = fetchedAt !== null && <When at={fetchedAt} />;
  return (
    <div role="status">
      {stale ? (
        <Alert color="yellow" p="xs">
          {vendor} is unreachable. This list is from {at || 'some time ago'}.
        </Alert>
      ) : (
        at && (
          <Text size="xs" c="dimmed">
            Updated {at}. Create and edit packages in {vendor}.
          </Text>
        )
      )}
      {!packages.some(({ active }) => active) && (
        <Text size="sm">
          Your {vendor} account has no packages yet. Create one in {vendor}, then refresh.
        </Text>
      )}
    </div>
  );
}
