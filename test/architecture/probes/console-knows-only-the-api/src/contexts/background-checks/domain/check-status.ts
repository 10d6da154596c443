export const statuses = ['requested'];
