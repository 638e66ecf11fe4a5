import { oneOf } from '../../params';

export const endUserType = (description: string) => oneOf(description, ['individual', 'business']);
export const numberType = (description: string) => oneOf(description, ['local', 'mobile', 'national', 'toll-free']);
