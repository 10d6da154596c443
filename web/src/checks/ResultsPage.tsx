import { Box, Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { asApiError } from '../api/errors';
import { AppLink } from '../shell/links';
import { Page } from '../shell/Page';
import { Empty, Loaded, Loading } from '../shell/states';
import { StatusBadge } from '../shell/StatusBadge';
import { checkQuery } from './check';
import { reportQuery } from './report';
import type { Check } from './words';

const route = getRouteApi('/console/background_checks/$checkId/results');

/** The page behind `Results URL`: the vendor's report, for users who may read it. */
export function ResultsPage(): ReactNode {
  const { checkId } = route.useParams();
  const check = useQuery(checkQuery(checkId));
  return (
    <Page
      title="Results"
      above={
        <AppLink to="/background_checks/$checkId" params={{ checkId }}>
          Background check
        </AppLink>
      }
    >
      <Loaded query={check} what="Loading the background check">
        {(shown) => <Report check={shown} />}
      </Loaded>
    </Page>
  );
}

function Report({ check }: { check: Check }): ReactNode {
  const report = useQuery(reportQuery(check));
  if (report.isFetching) return <Making vendor={check.vendor.name} />;
  if (report.isError && asApiError(report.error).reason === 'results_not_ready') return <NotReady check={check} />;
  if (report.isError && ['results_not_available', 'result_removed'].includes(asApiError(report.error).reason))
    return <Empty title="No results">{asApiError(report.error).message}</Empty>;
  return (
    <Loaded query={report} what="Loading the results">
      {(pdf) => <Pdf pdf={pdf} name={`background-check-${check.vendor.short_id ?? check.id}.pdf`} />}
    </Loaded>
  );
}

function Making({ vendor }: { vendor: string }): ReactNode {
  return (
    <>
      <Loading what={`${vendor} is preparing the report`} />
      <Text ta="center" c="dimmed" aria-hidden>
        {vendor} is preparing the report. This can take a moment.
      </Text>
    </>
  );
}

/** Shown until the check is complete. */
function NotReady({ check }: { check: Check }): ReactNode {
  return (
    <Stack align="center">
      <Empty title="Results are not ready yet">They appear here as soon as the check is complete.</Empty>
      <StatusBadge check={check} />
    </Stack>
  );
}

function Pdf({ pdf, name }: { pdf: Blob; name: string }): ReactNode {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(pdf);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [pdf]);
  if (address === null) return null;
  return (
    <Stack>
      <Group>
        <Button
          component="a"
          href={address}
          download={name}
          variant="default"
          leftSection={<IconDownload aria-hidden size={16} />}
        >
          Download PDF
        </Button>
      </Group>
      <Box component="iframe" src={address} title="Results of the background check" w="100%" h="80vh" bd={0} />
    </Stack>
  );
}
