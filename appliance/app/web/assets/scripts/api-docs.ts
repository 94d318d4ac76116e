// Starts the API viewer on its own page; the description comes from this server alone.

interface Viewer {
  (options: Record<string, unknown>): unknown;
}

declare const SwaggerUIBundle: Viewer;

const place = document.getElementById("api-docs");
if (place) {
  SwaggerUIBundle({
    url: place.dataset["description"],
    domNode: place,
    deepLinking: true,
    docExpansion: "list",
    validatorUrl: null,
    requestInterceptor: (request: { headers: Record<string, string> }) => {
      request.headers["x-csrftoken"] = place.dataset["csrf"] ?? "";
      return request;
    },
  });
}
