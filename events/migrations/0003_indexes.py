"""What keeps an event of ten thousand posts as quick as one of a hundred."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0002_groups'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='post',
            name='post_by_place',
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['event', '-sort_at', '-first_sequence'], name='post_by_place'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['event', '-significant_at', '-first_sequence'], name='post_by_significance'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(condition=models.Q(('key_event', True)), fields=['event', '-sort_at', '-first_sequence'], name='post_keys_by_place'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(condition=models.Q(('state__in', ('published', 'withdrawn')), models.Q(('withdrawal__in', ('undo', 'remove')), _negated=True)), fields=['event'], name='post_visible'),
        ),
    ]
