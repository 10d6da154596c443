import { addBefore } from './edits.ts';
import { type Kind, snake, words } from './kind.ts';

export const screen: Kind = {
  usage: 'screen <name>',
  options: [],

  prepare: (name) => ({ name, path: `/${snake(name)}`, words: words(name) }),

  steps({ name }) {
    const folder = `web/src/${name}`;
    return [
      { type: 'create', path: `${folder}/{{pascalCase name}}Page.tsx`, template: 'screen/Page.tsx.tpl' },
      { type: 'create', path: `${folder}/queries.ts`, template: 'screen/queries.ts.tpl' },
      { type: 'create', path: `${folder}/rows.ts`, template: 'screen/rows.ts.tpl' },
      { type: 'create', path: `${folder}/rows.spec.ts`, template: 'screen/rows.spec.ts.tpl' },
      { type: 'create', path: `${folder}/routes.tsx`, template: 'screen/routes.tsx.tpl' },
      { type: 'create', path: `test/browser/${name}.browser-spec.ts`, template: 'screen/story.ts.tpl' },
      { type: 'import', path: 'web/src/router.tsx', names: '{{camelCase name}}Routes', from: `./${name}/routes` },
      {
        type: 'list',
        path: 'web/src/router.tsx',
        opening: 'const screens = [',
        entry: '...{{camelCase name}}Routes',
      },
      {
        type: 'list',
        path: 'src/console-screens.ts',
        opening: 'export const consoleScreens = [',
        entry: "'{{path}}'",
      },
      {
        type: 'import',
        path: 'web/src/shell/Sidebar.tsx',
        names: 'IconCircleDashed',
        from: '@tabler/icons-react',
      },
      {
        type: 'change',
        path: 'web/src/shell/Sidebar.tsx',
        change: (text, render) =>
          addBefore(
            text,
            '        </div>\n      </AppShell.Section>',
            render(
              '<SidebarLink to="{{path}}" label="{{sentenceCase name}}" leftSection={<IconCircleDashed aria-hidden size={18} />} />\n',
            ),
          ),
      },
      {
        type: 'list',
        path: 'test/browser/everyone.browser-spec.ts',
        opening: 'const screens: Screen[] = [',
        entry: `['{{words}}', () => '{{path}}', 'Nothing here yet']`,
      },
    ];
  },

  next: ({ name }) => [
    `web/src/${name}/: the query, then rows.ts until its spec passes, then the page; web/src/shell/Sidebar.tsx: its icon and place`,
    `test/browser/${name}.browser-spec.ts: what a person does there; README.md or the demo when it should show it`,
  ],
};
