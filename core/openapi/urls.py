from core.openapi import views
from core.permissions import PUBLIC
from core.routing import route

urlpatterns = [
    route("docs/api/schema", views.schema, "schema", GET=PUBLIC),
    route("docs/api/schema/json", views.as_json, "schema-json", GET=PUBLIC),
    route("docs/api/schema/yaml", views.as_yaml, "schema-yaml", GET=PUBLIC),
    route("swagger.json", views.elsewhere, "schema-swagger-json", GET=PUBLIC),
    route("swagger.yaml", views.elsewhere, "schema-swagger-yaml", GET=PUBLIC),
    route("api/swagger.json", views.elsewhere, "schema-api-swagger-json", GET=PUBLIC),
]
