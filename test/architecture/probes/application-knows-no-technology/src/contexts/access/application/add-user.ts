import type { AxiosInstance } from 'axios';

export type Client = AxiosInstance;
