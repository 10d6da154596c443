import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { consoleRoute } from '../shell/routes';

const {{camelCase name}}Route = createRoute({
  getParentRoute: () => consoleRoute,
  path: '{{path}}',
  component: lazyRouteComponent(() => import('./{{pascalCase name}}Page'), '{{pascalCase name}}Page'),
});

export const {{camelCase name}}Routes = [{{camelCase name}}Route] as const;
