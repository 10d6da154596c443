import { Button, Group, MultiSelect, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api, page } from '../api/client';
import { anyOf } from '../integrations/vendor-words';
import { useVendorNames } from '../integrations/vendors';
import { jobQuery } from '../jobs/job';
import type { Wanted } from './filters';
import { usePackageChoices } from './usePackageChoices';
import { isStatus, statusLabel, statusLabels } from './words';

interface FilterBarProps {
  wanted: Wanted;
  onChange: (wanted: Wanted) => void;
}

/** The list scrolls on its own, next to its field, so that keyboard and screen readers reach both. */
const list = {
  comboboxProps: { withinPortal: false },
  withScrollArea: false,
  styles: { options: { maxHeight: 260, overflowY: 'auto' } },
} as const;

const statuses = Object.keys(statusLabels).filter(isStatus);

/** The filters of the list. All of them are in the URL. */
export function CheckFilterBar({ wanted, onChange }: FilterBarProps): ReactNode {
  const { status = [], job_id, package_id, created_after, created_before } = wanted;
  const vendor = anyOf(useVendorNames());
  const isFiltered = Object.values(wanted).some((value) => value !== undefined);
  const narrow = (more: Wanted): void => onChange({ ...wanted, ...more });
  return (
    <Group component="search" aria-label="Filters" align="end" gap="sm">
      <MultiSelect
        label="Status"
        placeholder={status.length === 0 ? 'Any status' : undefined}
        data={statuses.map((value) => ({ value, label: statusLabel(value, vendor) }))}
        value={status.filter(isStatus)}
        onChange={(chosen) => narrow({ status: chosen.length > 0 ? chosen : undefined })}
        searchable
        flex={{ base: '1 1 100%', sm: '0 1 auto' }}
        miw={190}
        maw={{ sm: 400 }}
        {...list}
      />
      <JobFilter value={job_id} onChange={(chosen) => narrow({ job_id: chosen })} />
      <PackageFilter value={package_id} onChange={(chosen) => narrow({ package_id: chosen })} />
      <Group wrap="nowrap" gap="sm">
        <DayFilter label="From" value={created_after} onChange={(day) => narrow({ created_after: day })} />
        <DayFilter label="To" value={created_before} onChange={(day) => narrow({ created_before: day })} />
      </Group>
      {isFiltered && (
        <Button variant="default" onClick={() => onChange({})}>
          Clear filters
        </Button>
      )}
    </Group>
  );
}

interface FilterProps {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** A team can have more jobs than a list holds, so the field searches. */
function JobFilter({ value, onChange }: FilterProps): ReactNode {
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, 200);
  const chosen = useQuery({ ...jobQuery(value ?? ''), enabled: value !== undefined });
  const found = useQuery({
    queryKey: ['jobs', 'choices', search],
    queryFn: ({ signal }) => {
      const query = { search: search === '' ? undefined : [search], per_page: 20 };
      return page(api.GET('/ats/v0/jobs', { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
  });
  const own = chosen.data && value !== undefined ? [chosen.data] : [];
  const jobs = [...own, ...(found.data?.items ?? []).filter(({ id }) => id !== value)];
  return (
    <Select
      label="Job"
      placeholder="Any job"
      data={jobs.map(({ id, name }) => ({ value: id, label: name }))}
      value={value ?? null}
      onChange={(job) => onChange(job ?? undefined)}
      // The service has filtered already, ignoring accents.
      filter={({ options }) => options}
      searchable
      onSearchChange={(typed) => setText(typed === chosen.data?.name ? '' : typed)}
      clearable
      clearButtonProps={{ 'aria-label': 'Any job' }}
      nothingFoundMessage="No matches"
      flex={{ base: '1 1 100%', sm: '0 1 180px' }}
      {...list}
    />
  );
}

function PackageFilter({ value, onChange }: FilterProps): ReactNode {
  const { options, known } = usePackageChoices();
  const isListed = value === undefined || known.has(value);
  return (
    <Select
      label="Package"
      placeholder="Any package"
      data={isListed ? options : [{ value, label: 'Unavailable package' }, ...options]}
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
      clearable
      clearButtonProps={{ 'aria-label': 'Any package' }}
      flex={{ base: '1 1 100%', sm: '0 1 170px' }}
      {...list}
    />
  );
}

/** A date being typed passes through years such as 0002: years before 2000 are not searched. */
function DayFilter({ label, value = '', onChange }: { label: string } & FilterProps): ReactNode {
  const [typed, setTyped] = useState({ text: value, over: value });
  const type = (text: string): void => {
    setTyped({ text, over: value });
    if (text === '' || text >= '2000') onChange(text || undefined);
  };
  return (
    <TextInput
      type="date"
      label={label}
      value={typed.over === value ? typed.text : value}
      onChange={(event) => type(event.currentTarget.value)}
    />
  );
}
