import { Button, Card, Collapse, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useId } from 'react';
import { ButtonLink } from '../shell/links';
import { CheckActions } from './CheckActions';
import { CheckFacts } from './CheckFacts';
import { CheckHistory } from './CheckHistory';
import type { Check } from './words';

/** One check, in the stage it was sent from. */
export function CheckCard({ check }: { check: Check }): ReactNode {
  const [opened, { toggle }] = useDisclosure();
  const history = useId();
  return (
    <Card withBorder padding="sm" component="article" aria-label={`${check.package.name}, ${check.status_label}`}>
      <Stack gap="sm">
        <CheckFacts check={check} />
        <CheckActions check={check} />
        <Group gap="xs">
          <Button size="compact-sm" variant="default" aria-expanded={opened} aria-controls={history} onClick={toggle}>
            History
          </Button>
          <ButtonLink
            size="compact-sm"
            variant="default"
            to="/background_checks/$checkId"
            params={{ checkId: check.id }}
          >
            Open check
          </ButtonLink>
        </Group>
        <Collapse expanded={opened} id={history}>
          {opened && <CheckHistory check={check} />}
        </Collapse>
      </Stack>
    </Card>
  );
}
