// A page as a document. This is the one way of reading HTML that Trusted Types leave open.
export const load = (method, address, data) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    request.responseType = "document";
    request.onload = () => (request.response ? resolve({ ok: request.status < 400, page: request.response }) : reject());
    request.onerror = reject;
    request.send(data);
  });
