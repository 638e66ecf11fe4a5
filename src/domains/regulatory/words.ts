import { choice } from '../../params';

export const endUserType = (description: string) => choice(description, ['individual', 'business']);
export const numberType = (description: string) => choice(description, ['local', 'mobile', 'national', 'toll-free']);
