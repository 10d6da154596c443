import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { consoleRoute } from '../shell/routes';
import { pageParam, type RawSearch, textParam } from '../shell/search-params';
import { type ApplicationStatus, applicationStatusIn, type Job, jobStatusIn } from './job';

const jobsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/jobs',
  validateSearch: (raw: RawSearch): { search?: string; status?: Job['status']; page?: number } => ({
    search: textParam(raw.search),
    status: jobStatusIn(raw.status),
    page: pageParam(raw.page),
  }),
  component: lazyRouteComponent(() => import('./JobsPage'), 'JobsPage'),
});

/** Around both tabs of a job. */
const jobRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/jobs/$jobId',
  component: lazyRouteComponent(() => import('./JobPage'), 'JobPage'),
});

const jobIndexRoute = createRoute({
  getParentRoute: () => jobRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    redirect({ to: '/jobs/$jobId/plan', params, replace: true, throw: true });
  },
});

const planRoute = createRoute({
  getParentRoute: () => jobRoute,
  path: '/plan',
  component: lazyRouteComponent(() => import('./InterviewPlan'), 'InterviewPlan'),
});

const pipelineRoute = createRoute({
  getParentRoute: () => jobRoute,
  path: '/pipeline',
  validateSearch: (raw: RawSearch): { stage?: string; status?: ApplicationStatus; page?: number } => ({
    stage: textParam(raw.stage),
    status: applicationStatusIn(raw.status),
    page: pageParam(raw.page),
  }),
  component: lazyRouteComponent(() => import('./TalentPipeline'), 'TalentPipeline'),
});

export const jobRoutes = [jobsRoute, jobRoute.addChildren([jobIndexRoute, planRoute, pipelineRoute])] as const;
