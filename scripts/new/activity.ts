import { type Kind, snake, type Step, words } from './kind.ts';

const registry = 'src/contexts/interview-planning/activities';
const drawings = 'web/src/activities';

interface Schema {
  $ref?: string;
  enum?: string[];
  oneOf?: Schema[];
  properties: Record<string, Schema>;
}

/** Every part of a document, at any depth. */
function* partsOf(part: unknown): Generator<Schema> {
  if (typeof part !== 'object' || part === null) return;
  yield part as Schema;
  for (const inner of Object.values(part)) yield* partsOf(inner);
}

const reference = (name: string): Schema['$ref'] => `#/components/schemas/${name}`;

/** Describes the kind as `interview`, which has a name and no more. The service's own description will say the same. */
function describedActivity(type: string): Step {
  return {
    type: 'change',
    path: 'openapi.json',
    change: (text, render) => {
      const document = JSON.parse(text) as { components: { schemas: Record<string, Schema> } };
      const { schemas } = document.components;
      const bodies = ['CreateInterviewRequest', 'ChangeInterviewRequest'].map(
        (like) => [like, like.replace('Interview', render('{{pascalCase name}}'))] as const,
      );
      for (const part of partsOf(document)) {
        if (part.enum?.includes('interview') && part.enum.length > 1) part.enum.push(type);
        for (const [like, own] of bodies) {
          if (part.oneOf?.some(({ $ref }) => $ref === reference(like))) {
            part.oneOf.push({ $ref: reference(own) } as Schema);
          }
        }
      }
      for (const [like, own] of bodies) schemas[own] = structuredClone(schemas[like]) as Schema;
      const named = schemas[bodies[0]?.[1] ?? '']?.properties['type'];
      if (named) named.enum = [type];
      return `${JSON.stringify(document, null, 2)}\n`;
    },
  };
}

export const activity: Kind = {
  usage: 'activity <name>',
  options: [],

  prepare: (name) => ({ name, type: snake(name), words: words(name) }),

  steps({ name, type }) {
    const folder = `${registry}/${type as string}`;
    const key = type === name ? '{{camelCase name}}' : `${type as string}: {{camelCase name}}`;
    return [
      { type: 'create', path: `${folder}/${name}.ts`, template: 'activity/activity.ts.tpl' },
      { type: 'create', path: `${folder}/${name}.spec.ts`, template: 'activity/activity.spec.ts.tpl' },
      {
        type: 'import',
        path: `${registry}/index.ts`,
        names: '{{camelCase name}}',
        from: `./${type as string}/${name}.js`,
      },
      {
        type: 'list',
        path: `${registry}/index.ts`,
        opening: 'export const activities: readonly Activity[] = [',
        entry: '{{camelCase name}}',
      },
      {
        type: 'create',
        path: `${drawings}/${type as string}/{{pascalCase name}}.tsx`,
        template: 'activity/drawing.tsx.tpl',
      },
      {
        type: 'import',
        path: `${drawings}/index.ts`,
        names: '{{camelCase name}}',
        from: `./${type as string}/{{pascalCase name}}`,
      },
      {
        type: 'list',
        path: `${drawings}/index.ts`,
        opening: 'export const activities: Record<ActivityType, Activity> = {',
        entry: key,
      },
      describedActivity(type as string),
    ];
  },

  /** The client's types name every kind, and the console draws each. */
  afterwards: () => ['npm', 'run', 'client'],

  next: ({ name, type }) => [
    `${registry}/${type as string}/${name}.ts: its fields and rules, until its spec passes; then npm run openapi and npm run client`,
    `${drawings}/${type as string}/: its icon and forms; test/browser/: its story; docs/language.md: its word`,
  ],
};
