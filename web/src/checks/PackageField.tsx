import { Anchor, NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Schemas } from '../api/client';
import { asApiError } from '../api/errors';
import type { Vendor } from '../integrations/vendor-words';
import { packagesQuery, useRefreshPackages } from '../jobs/packages';
import type { PlanItem } from './words';

interface PackageFieldProps {
  vendor: Vendor;
  /** The activity's own package. */
  own: PlanItem['package'];
  value: string;
  onChoose: (id: string) => void;
}

/** The packages that the team can order from its account at the vendor. */
export function PackageField({ vendor, own, value, onChoose }: PackageFieldProps): ReactNode {
  const packages = useQuery(packagesQuery(vendor.id));
  const refresh = useRefreshPackages(vendor.id);
  const choices = choicesOf(packages.data?.packages ?? [], own);
  return (
    <Stack gap={4}>
      <NativeSelect
        label="Package"
        required
        withAsterisk={false}
        data-autofocus
        value={value}
        onChange={(event) => onChoose(event.currentTarget.value)}
        error={packages.isError && asApiError(packages.error).message}
      >
        {value === '' && <option value="">Choose a package</option>}
        {value !== '' && !choices.some(({ id }) => id === value) && (
          <option value={value}>Previously chosen package (unavailable)</option>
        )}
        {choices.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </NativeSelect>
      {packages.data?.stale === true && (
        <Text size="sm">{vendor.name} is unreachable. This is the last known list.</Text>
      )}
      <Text size="sm">
        <Anchor component="button" type="button" onClick={() => refresh.run()}>
          {refresh.running ? 'Refreshing…' : 'Refresh packages'}
        </Anchor>
      </Text>
    </Stack>
  );
}

/** The activity's own package stays available while the list cannot be read, unless it is known to be unavailable. */
function choicesOf(listed: Schemas['PackageResponse'][], own: PlanItem['package']): { id: string; name: string }[] {
  const choices = listed.filter(({ active }) => active);
  const id = own?.available === true ? own.id : null;
  if (id === null || choices.some((choice) => choice.id === id)) return choices;
  return [{ id, name: own?.name ?? 'Package' }, ...choices];
}
