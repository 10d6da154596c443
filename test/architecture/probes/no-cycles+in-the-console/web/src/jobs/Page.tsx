import { jobRoutes } from './routes';

export const Page = () => <p>{jobRoutes.length}</p>;
